// Looks at files and folders that may not be there: a journal whose controller has not started yet, or that was moved away.
import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";

/** @returns null: nothing is there */
export async function statIfThere(path: string): Promise<Stats | null> {
  return ifThere(() => stat(path), null);
}

/** @returns nothing where there is no folder */
export async function namesIn(folder: string): Promise<string[]> {
  return ifThere(() => readdir(folder), []);
}

async function ifThere<T, E>(look: () => Promise<T>, otherwise: E): Promise<T | E> {
  try {
    return await look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
