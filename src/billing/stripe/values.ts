/** A moment as Stripe gives it: seconds since 1970, UTC. */
export const moment = (seconds: number): Date => new Date(seconds * 1000);

export const momentOr = (seconds: number | null | undefined): Date | null =>
  seconds === null || seconds === undefined ? null : moment(seconds);

/** A moment as Stripe wants it. */
export const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

/** The id of what is linked, whether it came along or not. */
export const idOf = (link: string | { readonly id: string }): string => (typeof link === 'string' ? link : link.id);

export const idOr = (link: string | { readonly id: string } | null | undefined): string | null =>
  link === null || link === undefined ? null : idOf(link);

/** Can it be the id of an account? */
export const isUuid = (value: string | null): value is string =>
  value !== null && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
