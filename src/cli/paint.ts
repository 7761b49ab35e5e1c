// Colour on a terminal, and text cut to its width.
export type Paint = (text: string) => string;

export interface Palette {
  bold: Paint;
  dim: Paint;
  good: Paint;
  warn: Paint;
  bad: Paint;
}

/** Without colour every paint leaves the text as it is. */
export function palette(colour: boolean): Palette {
  const code =
    (sgr: string): Paint =>
    (text) =>
      colour ? `\u001b[${sgr}m${text}\u001b[0m` : text;
  return { bold: code("1"), dim: code("2"), good: code("32"), warn: code("33"), bad: code("31") };
}

/** Plain text, before it is painted. */
export const clip = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
