// The state as JSON and back: maps become lists of pairs under one key, everything else is plain already.
import { type Departed, type DepartedPage, DepartedParcels } from "./departed-parcels.ts";
import { emptyChute } from "./empty-chute.ts";
import { type Page, PagedMap } from "./paged-map.ts";
import { emptyState, type LineState } from "./state.ts";
import type { LineCheckpoint } from "./step.ts";

const MAP_KEY = "$map";

export function toCheckpoint(state: LineState): LineCheckpoint {
  const { departed, rounds, ...rest } = state;
  const paged = { rounds: rounds.pages(), pages: departed.pages() };
  return { version: 1, nextEntry: state.nextEntry, state: pack(rest), ...paged };
}

/** @throws when the checkpoint is of a version that this code does not know. */
export function fromCheckpoint(checkpoint: LineCheckpoint): LineState {
  if (checkpoint.version !== 1) {
    throw new Error(`JOURNAL_CHECKPOINT_VERSION: checkpoint version ${checkpoint.version}, this code reads version 1`);
  }
  const { departed, rounds, ...rest } = unpack(checkpoint.state) as Omit<LineState, keyof InOlderVersions> &
    InOlderVersions;
  const departedPages = departed === undefined ? checkpoint.pages : [[...departed]];
  const roundPages = rounds === undefined ? (checkpoint.rounds ?? []) : [[...rounds]];
  return {
    // What an older version did not know yet is as at a first start.
    ...emptyState(),
    ...rest,
    chutes: new Map([...rest.chutes].map(([id, chute]) => [id, { ...emptyChute(id), ...chute }])),
    departed: new DepartedParcels(departedPages as readonly DepartedPage[]),
    rounds: new PagedMap(roundPages as readonly Page<number>[]),
  };
}

/** Stood with the rest before there were pages. */
interface InOlderVersions {
  departed?: Map<string, Departed[]>;
  rounds?: Map<string, number>;
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
