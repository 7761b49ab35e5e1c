// Until where and when nothing on a belt can become due, so that most belt samples need not look at every item.

/**
 * Lower bounds: before all of them `attend` changes nothing. What else could change it is an input of another kind, and
 * that throws the agenda away. Derived data, never part of a checkpoint.
 */
export interface Agenda {
  /** Position of the belt's last sample. */
  um: number;
  /** Position reckoned to the present moment: what is handed over or given up for late is reckoned so. */
  aheadUm: number;
  atNs: number;
  /** As `aheadUm`, of permits alone that wait to be handed over. */
  handOverUm: number;
}
