/** Unix seconds as a string, as Mux writes times. */
export const stringifyTime = (date: Date): string => String(Math.floor(date.getTime() / 1000));
