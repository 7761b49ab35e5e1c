// Says in plain words what an entry of the journal means; the entry itself stands beside it as evidence.
import { reasonText } from "../faults/table.ts";
import type { EndKind, LineEntry, LineFact, Refusal } from "../line/entry.ts";
import { isOwned, type Zone } from "../line/layout.ts";
import type { JogEnd } from "../line/plant-state.ts";
import type { Look } from "../line/release.ts";
import type { CommandOutcome, WithdrawalOutcome } from "../line/step.ts";

type Fact<Kind extends LineFact["kind"]> = Extract<LineEntry, { kind: Kind }>;
type Words = { [Kind in LineFact["kind"]]: (entry: Fact<Kind>) => string };

/** An entry of a kind that this version does not know is shown by its kind. */
export function storyWords(entry: LineEntry): string {
  const say = words[entry.kind] as ((entry: LineEntry) => string) | undefined;
  return say?.(entry) ?? `(${(entry as { kind: string }).kind})`;
}

const words: Words = {
  run: (e) =>
    `run ${e.run} began with Coline ${e.codeVersion}: ${e.restored ? "state restored from the journal" : "a new journal"}`,
  layout: (e) => `chute map ${e.layoutHash.slice(0, 12)} is active`,
  item: (e) => {
    const number = e.trackingId === undefined ? "" : `; the PLC calls it ${e.trackingId}`;
    return `item ${e.itemId} came onto ${e.beltId} at the eye ${e.eyeId}${number}`;
  },
  length: (e) => `item ${e.itemId} is ${e.lengthUm / 1000} mm long`,
  telegram: telegramWords,
  decision: decisionWords,
  permit: (e) => {
    const piece = e.release === null ? "" : `; one piece of ${releaseWords(e.release)} is reserved`;
    return `permit ${e.n} for item ${e.itemId}: gate ${e.gateId} to ${e.chuteId} (${zoneWords(e.zone)})${piece}`;
  },
  lastLook: (e) => {
    const own = (look: Look): boolean => look.carriedEntry >= e.permit;
    const asked = e.looks
      .map((look) => `; customs: ${lookWords(look, own(look) ? ", its own included" : "")}`)
      .join("");
    return `last look for permit ${e.permit}: ${e.go ? "go" : "withheld"}${asked}${refusalWords(e.refusals)}`;
  },
  command: (e) => `command of permit ${e.permit}: ${outcomeWords[e.outcome]}`,
  giveBack: (e) => `the piece that permit ${e.permit} reserved is free again: ${giveBackWords[e.why]}`,
  withdraw: (e) =>
    e.trackingId === undefined
      ? `gate ${e.gateId} is called home, permits up to ${e.voidUpTo} are void: ${reasonText(e.why)}`
      : `recall ${e.id}: permit ${e.voidUpTo} is void, the PLC is told the safe end: ${reasonText(e.why)}`,
  withdrawal: (e) => `call ${e.id}: ${calledWords[e.outcome]}`,
  gate: (e) => `gate ${e.gateId} is ${e.position}`,
  end: (e) => {
    const who = e.waybill === null ? "" : ` (${e.waybill})`;
    const outbound = e.end === "lost" ? (e.possiblyOutbound ? ", possibly outbound" : ", not outbound") : "";
    return `END of item ${e.itemId}${who}: ${endWords[e.end](e.chuteId ?? "the safe end")}${outbound} (${reasonText(e.reason)})`;
  },
  lateArrival: (e) =>
    e.came
      ? `something came into ${e.chuteId}, and is put down to item ${e.itemId}, which was waited for there`
      : `item ${e.itemId} is not waited for in ${e.chuteId} any more`,
  breach: (e) => `BREACH: item ${e.itemId} left into ${e.chuteId} unreleased: ${e.detail}`,
  lateHold: (e) =>
    `a hold came after ${e.waybill} (item ${e.itemId}) had left into ${e.chuteId}; the chute is locked, fetch it back`,
  stray: (e) => `eye ${e.eyeId} saw what no item explains: ${e.detail}`,
  chute: (e) => {
    const serves = e.serves == null ? "" : `, for ${e.serves.stream} ${e.serves.direction}`;
    return `chute ${e.chuteId} is ${chuteWords(e)}${serves} (${reasonText(e.why)})`;
  },
  linePermit: (e) => `${e.permit} permit of ${e.beltId} ${e.allowed ? "given" : "taken away"}: ${reasonText(e.why)}`,
  mode: (e) => `belt ${e.beltId} is ${e.mode}, was ${e.before}: ${reasonText(e.why)}`,
  device: (e) =>
    `device ${e.deviceId} is ${e.connected ? (e.armed ? "armed" : "connected, not armed") : "not connected"}`,
  scanner: (e) => `scanner ${e.scannerId} is ${e.state}`,
  storage: (e) => `the journal's disk is ${e.state}`,
  jog: (e) => `gate ${e.gateId} is moved by hand to ${e.chuteId}, for ${e.who}`,
  jogEnd: jogWords,
  commissioning: (e) =>
    e.why === "person"
      ? "nothing is proved of the line any more, by a person's word"
      : "another configuration: nothing is proved of the line any more",
  proof: (e) =>
    `chute ${e.chuteId} is proved: a test parcel arrived, ${e.by === "eye" ? "seen by its eye" : "as its guard says"}, guarded by ${e.who}`,
  testEnd: (e) => {
    const parcel =
      e.itemId === null ? "no parcel came" : `item ${e.itemId}: ${e.end} in ${e.endedIn ?? "nobody knows where"}`;
    return `END of the test at chute ${e.chuteId} (${e.code}, guarded by ${e.who}): ${parcel} (${reasonText(e.why)})`;
  },
  halt: (e) => `belt ${e.beltId} ${e.halted ? "is stopped by a person" : "is ready to resume, by a person"}`,
  operator: operatorWords,
  alarm: (e) => `alarm ${alarmWords(e)}: ${e.text} (${e.code})`,
};

function jogWords(e: Fact<"jogEnd">): string {
  const ms = (ns: number | null): string => (ns === null ? "not seen" : `${(ns / 1e6).toFixed(0)} ms`);
  const seen = `answered after ${ms(e.answeredNs)}, out after ${ms(e.outNs)}, home after ${ms(e.homeNs)}`;
  return `moved by hand (${e.jog}): ${jogEndWords[e.end]}${e.why === null ? "" : ` (${reasonText(e.why)})`}; ${seen}`;
}

const jogEndWords: Readonly<Record<JogEnd, string>> = {
  done: "out and home again",
  withheld: "not let go",
  notSent: "not sent",
  refused: "the device refused it",
  inDoubt: "in doubt, whether carried out or not",
  brokenOff: "called home before its time",
  notHome: "not home again",
};

function telegramWords(e: Fact<"telegram">): string {
  const read = e.result === "noRead" ? "no code" : e.codes.join(", ");
  const fits = e.itemId === null ? "" : ` on item ${e.itemId}`;
  const spoiled = spoiledWords(e.spoiled);
  const fitsNone = e.itemId === null && e.spoiled.length === 0 ? "; it fits no item" : "";
  const number = e.fields?.triggerId === undefined ? "" : ` (its reading ${e.fields.triggerId})`;
  return `scanner ${e.scannerId} read ${read}${number}${fits}${spoiled}${fitsNone}`;
}

/** One alone: where somebody may ride whom nobody knows, it may as well be that one's. */
function spoiledWords(items: readonly number[]): string {
  if (items.length === 0) return "";
  if (items.length === 1) return `; it fits item ${items[0]}, or somebody unknown near it, and names neither`;
  return `; it fits the items ${items.join(", ")} and spoils them all`;
}

function decisionWords(e: Fact<"decision">): string {
  const who = {
    code: () => (e.identity.kind === "code" ? e.identity.waybill : ""),
    test: () => (e.identity.kind === "test" ? `test parcel ${e.identity.code}` : ""),
    noRead: () => "no code",
    conflict: () => (e.identity.kind === "conflict" ? conflictWords(e.identity.waybills) : ""),
  }[e.identity.kind]();
  const said =
    e.looks.length === 0 ? "; customs was not asked" : e.looks.map((l) => `; customs: ${lookWords(l)}`).join("");
  const rule = e.ruleId === null ? "no rule" : `rule ${e.ruleId}`;
  const why = e.why === "RELEASED" ? "" : ` (${reasonText(e.why)})`;
  const to = `; ${rule}, to ${e.chuteId ?? "the safe end"}`;
  return `decision ${e.version} on item ${e.itemId} (${who}): ${e.disposition}${why}${said}${to}${refusalWords(e.refusals)}`;
}

const conflictWords = (waybills: readonly string[]): string =>
  waybills.length === 0 ? "a telegram that may be another's" : `conflict of ${waybills.join(", ")}`;

/** @param spending said of the pieces spent: what the reader might not expect among them */
function lookWords(look: Look, spending = ""): string {
  const holds = look.holds.map((hold) => `${hold.authority} ${hold.kind} ${hold.reference}`).join(", ");
  const held = holds === "" ? "" : `, HELD by ${holds}`;
  const fed = look.feedAgeNs === null ? "feed never heard" : `feed heard ${(look.feedAgeNs / 1e9).toFixed(1)} s before`;
  if (look.result === "error")
    return `${look.company} could not be read${look.detail === undefined ? "" : `: ${look.detail}`}${held}`;
  if (look.record === null) return `${look.company} has no record${held}, ${fed}`;
  const { status, stream, direction, spent, pieces, authority, reference } = look.record;
  const record = `${status} by ${authority} ${reference}, ${stream} ${direction}`;
  return `${look.company} ${record}, ${spent} of ${pieces} spent${spending}${held}, ${fed}`;
}

/** A release's key, `company/waybill/validFromMs`, as people say it; another text as it is. */
function releaseWords(key: string): string {
  const [company, waybill, from] = key.split("/");
  const fromMs = Number(from);
  if (company === undefined || waybill === undefined || !(fromMs > 0 && fromMs < 8.64e15)) return key;
  return `${company} ${waybill} (valid from ${new Date(fromMs).toISOString().replace(".000Z", "Z")})`;
}

const refusalWords = (refusals: readonly Refusal[]): string =>
  refusals
    .map((r) => `; ${r.chuteId} refused${r.clause > 0 ? ` by law ${r.clause}` : ""}: ${refusalReason(r)}`)
    .join("");

const refusalReason = (r: Refusal): string =>
  r.detail === "" ? reasonText(r.code) : `${reasonText(r.code)}, ${r.detail}`;

const zoneWords = (zone: Zone): string =>
  isOwned(zone) ? `${zone.kind}, ${zone.stream} ${zone.direction}` : zone.kind;

const chuteWords = (e: Fact<"chute">): string =>
  [e.locked ? "locked" : "not locked", e.enabled ? "enabled" : "disabled", e.full ? "full" : "not full"]
    .concat(e.blocked === true ? ["its mouth is blocked"] : [], e.jammed === true ? ["jammed"] : [])
    .join(", ");

/** Entries of an older version say neither who nor what became of it. */
function operatorWords(e: Fact<"operator">): string {
  const who = e.who === undefined ? "operator" : `${e.role} ${e.who}`;
  const refused =
    e.accepted === false ? ` REFUSED: ${reasonText(e.code ?? "")}${e.detail === "" ? "" : ` (${e.detail})`}` : "";
  return `${who}: ${e.command} ${e.target} (${e.id})${refused}`;
}

/** Entries of an older version say active or not alone. */
function alarmWords(e: Fact<"alarm">): string {
  if (typeof e.by === "string") return `acknowledged by ${e.by}${e.phase === null ? ", and gone" : ""}`;
  if (e.shelved === true) return `${e.phase === null ? "went" : "came"}, put aside`;
  if (e.phase === undefined) return e.active ? "came" : "went";
  if (e.phase === "returned") return "went, not acknowledged";
  return e.phase === null ? "went" : "came";
}

const outcomeWords: Record<CommandOutcome, string> = {
  notSent: "never sent",
  done: "the device carried it out",
  refused: "the device refused it",
  inDoubt: "in doubt, sent without an answer",
  tooLate: "too late, the PLC's word was final",
  unknownParcel: "the PLC does not know the parcel",
};

const calledWords: Record<WithdrawalOutcome, string> = {
  done: "the device has taken it",
  inDoubt: "in doubt, sent without an answer",
  tooLate: "too late, the PLC's word was final",
  unknownParcel: "the PLC does not know the parcel",
};

const giveBackWords: Record<Fact<"giveBack">["why"], string> = {
  notSent: "the command was never sent",
  refused: "the device refused the command",
  safeEnd: "the parcel came to the safe end",
  withheld: "the last look withheld it",
};

const endWords: Record<EndKind, (chute: string) => string> = {
  arrived: (chute) => `arrived in ${chute}, seen by its eye`,
  divertedUnseen: (chute) => `diverted into ${chute}, not seen arriving`,
  misdiverted: (chute) => `ended in ${chute}, where it was not sent`,
  lost: () => "lost",
  removed: () => "taken off the belt by a person",
};
