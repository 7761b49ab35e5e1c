// Errors of a site's files as text: what cannot be read, and keys and values that no site may have.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const refused = refusals("`coline check` ends with 1; the site is not started.");

export const configFileErrors = {
  CONFIG_FILE_UNREADABLE: refused("a site file cannot be read", {
    means: "One of the four files is missing, is no file, is not UTF-8, or may not be read by this user.",
    personShould: "Put the file there, or give the user `coline` the right to read it.",
  }),
  CONFIG_YAML_SYNTAX: refused("not YAML", {
    means: "The text breaks a rule of YAML at the place named.",
    personShould: "Mend that line; most often it is the indentation, or a text that needs quotes.",
  }),
  CONFIG_YAML_ALIAS: refused("a YAML alias", {
    means: "A value is borrowed from elsewhere (`*name`), so that the line does not say what it says.",
    personShould: "Write the value itself.",
  }),
  CONFIG_DUPLICATE_KEY: refused("a key stands twice", {
    means: "Two values for one key, and which one was meant is not sure.",
    personShould: "Delete one.",
  }),
  CONFIG_UNKNOWN_KEY: refused("an unknown key", {
    means: "A key that this place does not have; most often mistyped.",
    personShould: "Take the key that the message proposes, or look it up in reference/configuration.md.",
  }),
  CONFIG_MISSING_KEY: refused("a key is missing", {
    means: "A value without which the site is not described and for which no default would be honest.",
    personShould: "Add it; the message shows its form.",
  }),
  CONFIG_WRONG_TYPE: refused("a value of the wrong type", {
    means: "A text where a number belongs, a list where one value belongs, or the like.",
    personShould: "Write what the message asks for.",
  }),
  CONFIG_NOT_TEXT: refused("YAML reads this text as something else", {
    means: "A name such as `no`, `1e3` or `12:30` is a truth value or a number to YAML.",
    personShould: "Put it in quotes.",
  }),
  CONFIG_WRONG_VALUE: refused("a value that cannot be", {
    means: "Not one of the words allowed here, an empty key, a name with forbidden characters, or a contradiction.",
    personShould: "Take one of the values that the message lists.",
  }),
  CONFIG_OUT_OF_RANGE: refused("a number out of its range", {
    means: "Too small, too large, or not below a number that it must stay below.",
    personShould: "Correct the number; the message gives the range.",
  }),
} as const satisfies Record<string, Fault>;
