/** The part of negotiator that is used here; its published types are of a version without `preferred`. */
declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { readonly headers: Readonly<Record<string, string | undefined>> });
    /** Those available that are accepted, the most wanted first; of several alike, in the order of `preferred`. */
    encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): string[];
  }
}
