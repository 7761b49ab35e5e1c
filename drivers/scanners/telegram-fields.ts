// Takes the fields off both ends of a text: so many characters, or up to a mark; what is left is what they stand beside.

interface Field {
  is: string;
  chars?: number | undefined;
  mark?: string | undefined;
}

export interface TakenFields {
  /** By their meaning, trimmed; ignored ones are gone. */
  values: Readonly<Record<string, string>>;
  rest: string;
}

/** Longer ones are no number of anything, and the journal is to keep them. */
const MAX_CHARS = 32;

/** The fields stand before the rest, each followed by its mark where it has one. null: the text has them not. */
export function takeFromFront(text: string, fields: readonly Field[]): TakenFields | null {
  return take(text, fields, (rest, { chars, mark = "" }) => {
    const length = chars ?? rest.indexOf(mark);
    return length < 0 || length > rest.length
      ? null
      : { value: rest.slice(0, length), rest: rest.slice(length + (chars === undefined ? mark.length : 0)) };
  });
}

/** The fields stand behind the rest, each led by its mark where it has one. null: the text has them not. */
export function takeFromBack(text: string, fields: readonly Field[]): TakenFields | null {
  return take(text, [...fields].reverse(), (rest, { chars, mark = "" }) => {
    const from = chars === undefined ? rest.lastIndexOf(mark) : rest.length - chars;
    return from < 0
      ? null
      : { value: rest.slice(from + (chars === undefined ? mark.length : 0)), rest: rest.slice(0, from) };
  });
}

function take(
  text: string,
  fields: readonly Field[],
  cut: (rest: string, field: Field) => { value: string; rest: string } | null,
): TakenFields | null {
  const values: Record<string, string> = {};
  let rest = text;
  for (const field of fields) {
    const found = cut(rest, field);
    if (found === null) return null;
    rest = found.rest;
    if (field.is === "ignored") continue;
    const value = found.value.trim();
    if (!isFieldText(value)) return null;
    values[field.is] = value;
  }
  return { values, rest };
}

/** Printable ASCII: a damaged field is as telling as a damaged code. */
const isFieldText = (value: string): boolean => value.length <= MAX_CHARS && /^[\x20-\x7e]+$/.test(value);
