// The place behind a parcel is taken for free as far as its gate needs it to be, whether an eye has shown it or not.
import type { Edit } from "../mutant.ts";

export const FOLLOWERS_ARE_NOT_ASKED: Edit = {
  file: "src/line/passages.ts",
  from: "if (follower !== undefined && askedUm < ",
  to: "if (follower !== undefined && askedUm < -1 - ",
};
