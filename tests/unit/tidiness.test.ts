// Keeps the repository tidy: each test is one habit of the house, and each failure says what to do about it.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Sources that may be longer than `longestFile` lines: path and the reason why splitting would make them worse. */
const longFiles: Record<string, string> = {};
const longestFile = 300;
const mostReported = 30;

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = listFiles();
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
for (const [file, text] of texts) if (text.includes("\0")) texts.delete(file); // binary

const product = matching(/^(src|drivers|simulators)\/.*\.ts$/);
const scripts = matching(/\.(ts|cjs|mjs|js)$/);
const pages = matching(/\.md$/);
/** Recorded bytes of devices and partners stay as they came. */
const written = matching(/^(?!.*(^|\/)fixtures\/)/);

test("file and folder names are kebab-case", () => {
  const kebab = /^[.@]?[a-z0-9]+([-@][a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*@?(\.[a-z]+)*$/;
  const customary = /^(README(\.[a-z]{2}(-[A-Z]{2})?)?|CHANGELOG|CONTRIBUTING|SECURITY)\.md$|^LICENSE$|^NOTICE$/;
  const bad = files.filter((file) => !file.split("/").every((part) => kebab.test(part) || customary.test(part)));
  tidy(bad, "rename to lower case with hyphens, as in belt-position.ts");
});

test("no file or folder of the product is a drawer for anything", () => {
  const drawer = /(^|\/)(utils?|common|types?|helpers?|misc|shared|lib)(\.ts|\/)/;
  const bad = files.filter((file) => /^(src|drivers|simulators)\//.test(file) && drawer.test(file));
  tidy(bad, "name the file by the one concept it holds, and put the rest where it is used");
});

test("each source begins with a comment that says what it decides or does", () => {
  const bad = product.filter((file) => {
    const lines = textOf(file).split("\n");
    const first = (lines[0]?.startsWith("#!") ? lines[1] : lines[0]) ?? "";
    return !/^(\/\/|\/\*\*?)\s+\S+(\s+\S+){2,}/.test(first);
  });
  tidy(bad, "write one sentence on the first line, as in `// src/line/step.ts: what goes into the line core`");
});

test("no source is too long to be held in mind", () => {
  const tooLong = product.filter((file) => lineCount(file) > longestFile && longFiles[file] === undefined);
  tidy(tooLong, `more than ${longestFile} lines: split by concept, or list it with a reason in longFiles of this test`);
  const needless = Object.keys(longFiles).filter((file) => !texts.has(file) || lineCount(file) <= longestFile);
  tidy(needless, "no longer too long: take it out of longFiles of this test");
});

test("no test is switched off and no type error silenced", () => {
  const bad = [
    ...found(scripts, /\b(it|test|describe|suite)(\.\w+)*\.(only|skip)\b/, "run it, mend it or delete it"),
    ...found(scripts, /@ts-(ignore|nocheck)/, "mend the type; where a test needs a wrong one, use @ts-expect-error"),
  ];
  tidy(bad);
});

test("no error is swallowed without a word", () => {
  const bad = found(
    product,
    /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/,
    "handle it, or say in a comment inside the braces why nothing is to be done",
  );
  tidy(bad);
});

test("the line core has no clock, no chance, no waiting and no machine", () => {
  const rules: [RegExp, string][] = [
    [/\bDate\b|\bperformance\b/, "take the time from atNs, which comes with each input"],
    [/\bMath\.random\b|\bcrypto\b/, "let the random number come in as an input"],
    [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, "give out a wakeAt and handle the wake-up"],
    [/\basync\b|\bawait\b|\bPromise\b/, "give out an output now and handle the answer as an input later"],
    [/\bprocess\s*[.[]|\bglobalThis\b/, "let the controller look at the machine and pass in what it saw"],
    [
      /\bMath\.(pow|exp|expm1|log\w*|a?(sin|cos|tan)h?|atan2|hypot|cbrt)\b|(?<!\b2 )\*\*/,
      "its last digit differs by engine: use whole numbers and + - * /",
    ],
  ];
  const bad = matching(/^src\/line\/.*\.ts$/).flatMap((file) =>
    rules.flatMap(([pattern, advice]) => foundIn(file, withoutCommentsAndStrings(textOf(file)), pattern, advice)),
  );
  tidy(bad);
});

test("no stray white space", () => {
  const bad = [
    ...found(written, /\r/, "end lines with LF alone"),
    ...found(written, /[ \t]+$/, "delete the white space at the end of the line"),
    ...found(written, /\t/, "indent with two spaces; in a string write \\t"),
    ...written
      .filter((file) => !/^$|[^\n]\n$/.test(textOf(file).slice(-2)))
      .map((file) => `${file}: end the file with exactly one line end`),
  ];
  tidy(bad);
});

test("the lock file installs from whatever registry a machine uses", () => {
  const advice = "write the lock file again with npm's setting omit-lockfile-registry-resolved=true";
  tidy([
    ...found(["package-lock.json"], /"resolved":|registry\.[a-z]/, advice),
    ...found([".npmrc"], /registry\s*=|_auth/, "keep registries and tokens in the user's own settings"),
  ]);
});

test("each dependency has a line that says why", () => {
  const manifest = JSON.parse(textOf("package.json")) as Record<string, Record<string, string>>;
  const names = ["dependencies", "optionalDependencies", "devDependencies", "overrides"].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  const reasons = textOf("docs/dependencies.md");
  tidy(
    names.filter((name) => !reasons.includes(`\`${name}\``)),
    "say in one line of docs/dependencies.md why it is needed, or remove the package",
  );
});

test("no path of somebody's machine", () => {
  const ownPaths = new RegExp(`(?<![\\w.*})-])/(${["work", "tmp/bash_jobs"].join("|")})(?![\\w-])`);
  tidy(found([...texts.keys()], ownPaths, "use a path relative to the file, or a folder from the configuration"));
});

test("relative links lead somewhere", () => {
  const bad = pages.flatMap((page) =>
    [...withoutCode(textOf(page)).matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].flatMap(([, target = ""]) => {
      if (/^[a-z][a-z+.-]*:/i.test(target)) return [];
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : relative(root, join(root, dirname(page), decodeURIComponent(path)));
      if (!existsSync(join(root, file))) return [`${page}: ${target} does not exist: mend the link`];
      if (anchor === undefined || !texts.has(file) || !file.endsWith(".md")) return [];
      return anchorsOf(file).has(decodeURIComponent(anchor)) ? [] : [`${page}: ${file} has no heading #${anchor}`];
    }),
  );
  tidy(bad);
});

test("each decision record is numbered and tells context, decision and consequences", () => {
  const records = matching(/^docs\/decisions\/(?!README).*\.md$/);
  const misnamed = records.filter((file) => !/^\d{4}-[a-z0-9-]+\.md$/.test(basename(file)));
  tidy(misnamed, "name it NNNN-title.md");
  const numbers = records.map((file) => basename(file).slice(0, 4));
  tidy(
    records.filter((_, index) => numbers.indexOf(numbers[index] ?? "") !== index),
    "take the next free number: this one is used already",
  );
  for (const heading of ["Context", "Decision", "Consequences"]) {
    const without = records.filter((file) => !new RegExp(`^#+ ${heading}$`, "m").test(textOf(file)));
    tidy(without, `add the heading "## ${heading}"`);
  }
});

/** What git tracks or would track; without git (an unpacked archive) everything that is not installed or built. */
function listFiles(): string[] {
  let names: string[];
  try {
    const command = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    names = execFileSync("git", command, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split(
      "\0",
    );
  } catch {
    names = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((name) => !/(^|\/)(node_modules|dist|\.git)\//.test(name));
  }
  return [...new Set(names)].filter((name) => name !== "" && existsSync(join(root, name))).sort();
}

function matching(pattern: RegExp): string[] {
  return [...texts.keys()].filter((file) => pattern.test(file));
}

function textOf(file: string): string {
  return texts.get(file) ?? "";
}

function lineCount(file: string): number {
  return textOf(file).replace(/\n$/, "").split("\n").length;
}

function found(among: string[], pattern: RegExp, advice: string): string[] {
  return among.flatMap((file) => foundIn(file, textOf(file), pattern, advice));
}

function foundIn(file: string, text: string, pattern: RegExp, advice: string): string[] {
  return [...text.matchAll(new RegExp(pattern, "gm"))].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return `${file}:${line}: ${JSON.stringify(match[0])}: ${advice}`;
  });
}

/** Line numbers stay as they are, so that a finding can be clicked. */
function withoutCommentsAndStrings(text: string): string {
  const quiet = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return text.replace(quiet, (piece) => piece.replace(/[^\n]/g, " "));
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
}

/** The anchors a page offers, made from its headings the way forges make them. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of textOf(page)
    .replace(/^```[\s\S]*?^```/gm, "")
    .matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
    let unique = slug;
    for (let n = 1; anchors.has(unique); n++) unique = `${slug}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Fails with every finding and what to do about it. */
function tidy(bad: string[], advice = ""): void {
  const report = bad.slice(0, mostReported).map((finding) => (advice === "" ? finding : `${finding}: ${advice}`));
  if (bad.length > mostReported) report.push(`and ${bad.length - mostReported} more`);
  if (bad.length > 0) expect.fail(`\n${report.join("\n")}\n`);
}
