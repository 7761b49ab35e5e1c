// The files that are made from the schemas and kept in the repository: JSON Schemas for editors, and the reference page.
import { profilesPage } from "./profiles-page.ts";
import { jsonSchemaOf } from "./published-schema.ts";
import { referencePage } from "./reference-page.ts";
import { SITE_FILE_NAMES } from "./site-files.ts";

/** Path inside the repository, and text. */
export function publishedFiles(): { path: string; text: string }[] {
  return [
    ...SITE_FILE_NAMES.map((file) => ({
      path: `config/schemas/${file.replace(/\.yaml$/, ".schema.json")}`,
      text: `${JSON.stringify(jsonSchemaOf(file), null, 2)}\n`,
    })),
    { path: "docs/reference/configuration.md", text: referencePage() },
    { path: "docs/reference/scanner-profiles.md", text: profilesPage() },
  ];
}
