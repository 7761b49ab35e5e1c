// What a look at a device or a scanner's port found, for `coline check --devices`.

export interface DeviceLook {
  facts: Readonly<Record<string, string | number | boolean | null>>;
  notices: readonly { code: string; text: string }[];
  /** Why it cannot be used as the site says; null: it can, or the controller has it. */
  error: string | null;
}
