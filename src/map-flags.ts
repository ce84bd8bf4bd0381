/** How a mapping may be used (`GstMapFlags`). */
export const MapFlags = Object.freeze({ READ: 1, WRITE: 2, READWRITE: 3 } as const);
export type MapFlags = (typeof MapFlags)[keyof typeof MapFlags];
