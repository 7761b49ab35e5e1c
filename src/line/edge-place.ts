// Where an edge of a beam lay along the belt.

/** The middle of the two samples between which it was, and how far it may be off. */
export interface EdgePlace {
  positionUm: number;
  errorUm: number;
}
