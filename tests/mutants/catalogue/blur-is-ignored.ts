// A length that is known badly behind a slow PLC counts as known well; alone, or where that doubt would hide another mistake.
import type { Edit } from "../mutant.ts";

export const BLUR_IS_IGNORED: Edit = {
  file: "src/line/passages.ts",
  from: "if (before !== undefined && item.mayHideUm >= belt.minItemUm)",
  to: "if (before !== undefined && item.mayHideUm < 0)",
};
