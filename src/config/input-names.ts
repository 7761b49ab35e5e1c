// Names of inputs that the site's files do not name themselves; the dot keeps them apart from all names given there.

/** The eye at a chute's mouth. */
export const chuteEyeId = (chuteId: string): string => `${chuteId}.eye`;

/** One of a belt's signals from the PLC. */
export const beltSignalId = (beltId: string, name: string): string => `${beltId}.${name}`;

/** A fault that the plant tells of. */
export const faultInputId = (faultId: string): string => `${faultId}.fault`;

/** The signal that is on while a chute is not full. */
export const chuteFullInputId = (chuteId: string): string => `${chuteId}.full`;
