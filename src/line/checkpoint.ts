// The state as JSON and back: maps become lists of pairs under one key, everything else is plain already.
import { type Departed, type DepartedPage, DepartedParcels } from "./departed-parcels.ts";
import { emptyState, type LineState } from "./state.ts";
import type { LineCheckpoint } from "./step.ts";

const MAP_KEY = "$map";

export function toCheckpoint(state: LineState): LineCheckpoint {
  const { departed, ...rest } = state;
  return { version: 1, nextEntry: state.nextEntry, state: pack(rest), pages: departed.pages() };
}

/** @throws when the checkpoint is of a version that this code does not know. */
export function fromCheckpoint(checkpoint: LineCheckpoint): LineState {
  if (checkpoint.version !== 1) {
    throw new Error(`JOURNAL_CHECKPOINT_VERSION: checkpoint version ${checkpoint.version}, this code reads version 1`);
  }
  const { departed, ...rest } = unpack(checkpoint.state) as LineState & { departed?: Map<string, Departed[]> };
  // Older versions kept them with the rest.
  const pages = departed === undefined ? checkpoint.pages : [[...departed]];
  // What an older version did not know yet is as at a first start.
  return { ...emptyState(), ...rest, departed: new DepartedParcels(pages as readonly DepartedPage[]) };
}

function pack(value: unknown): unknown {
  if (value instanceof Map) return { [MAP_KEY]: [...value].map(([key, inner]) => [key, pack(inner)]) };
  if (Array.isArray(value)) return value.map(pack);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, pack(inner)]));
}

function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (value === null || typeof value !== "object") return value;
  const packed = (value as Record<string, unknown>)[MAP_KEY];
  if (Array.isArray(packed)) return new Map(packed.map(([key, inner]: [unknown, unknown]) => [key, unpack(inner)]));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
}
