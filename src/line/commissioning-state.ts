// What the line core remembers of a plant's commissioning: plain data, part of its state.

export interface Commissioning {
  /** Names the configuration for which it was proved; empty: none that asks for it. */
  plantHash: string;
  /** By chute; as many as the site has. */
  proofs: Map<string, Proof>;
  /** Every chute of the active layout is among the proofs. */
  isComplete: boolean;
  /** The one chute at which a person stands, and the one test parcel that may go there; null: none. */
  guard: Guard | null;
  /** What became of the last one; null: none was, since the start of the run. */
  lastTest: TestResult | null;
}

/** A test parcel has arrived in this chute. */
export interface Proof {
  by: "eye" | "person";
  /** Who stood at the chute. */
  who: string;
  itemId: number;
  /** Number of the entry that says so. */
  entry: number;
}

/** A person stands at a chute, for one test parcel. */
export interface Guard {
  /** The id of the command that set it. */
  command: string;
  chuteId: string;
  /** The code that the parcel bears. */
  code: string;
  who: string;
  /** No command goes out for it past this instant, ns of the run. */
  untilNs: number;
  /** The parcel that it is for; null: it has not come yet. */
  itemId: number | null;
  /** What was seen meanwhile on the chute's belt and of its gate. */
  seen: Seen;
}

/** Times are ns of the run; null: not seen. */
export interface Seen {
  /** Edges since the induction eye went dark for it, the oldest first; see `CAPS.testEdges`. */
  edges: TestEdge[];
  /** Its gate's command was let go; its device answered; its switch said out; it was called home; its switch said home. */
  firedNs: number | null;
  answeredNs: number | null;
  outNs: number | null;
  homewardNs: number | null;
  homeNs: number | null;
}

/** A change of a beam: on the belt with its place, in µm of belt travel; at a chute's mouth null. */
export interface TestEdge {
  eyeId: string;
  edge: "dark" | "light";
  /** The later of its two samples, ns of the run. */
  atNs: number;
  beltUm: number | null;
  errorUm: number;
}

/** How it came to its end: that of its parcel, or none came, or a person has called it off. */
export type TestEnd = "arrived" | "divertedUnseen" | "misdiverted" | "lost" | "removed" | "noParcel" | "calledOff";

export interface TestResult extends Seen {
  command: string;
  chuteId: string;
  code: string;
  who: string;
  itemId: number | null;
  end: TestEnd;
  /** Where the parcel is; null: nobody knows, or there is none. */
  endedIn: string | null;
  /** A code of the fault table. */
  why: string;
  isProved: boolean;
  /** Nothing could see it arrive: whoever stands there may say that it has. */
  awaitsPerson: boolean;
  /** When its front was at its gate, ns of the run, by the belt's position; null: it has none, or was not there. */
  atGateNs: number | null;
  lengthUm: number | null;
  endedNs: number;
}

export const noCommissioning = (): Commissioning => ({
  plantHash: "",
  proofs: new Map(),
  isComplete: false,
  guard: null,
  lastTest: null,
});

export const nothingSeen = (): Seen => ({
  edges: [],
  firedNs: null,
  answeredNs: null,
  outNs: null,
  homewardNs: null,
  homeNs: null,
});
