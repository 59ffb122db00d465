/** The closed sets of a briefing, in the spelling of files, addresses and the API. */
export const STATES = ['draft', 'in-review', 'published', 'archived'] as const;
export const CONTENT_TYPES = ['signal', 'trend', 'policy', 'risk'] as const;
export const DOMAINS = ['technology', 'policy', 'economy', 'security', 'energy'] as const;
export const LEVELS = ['low', 'medium', 'high'] as const;
export const HORIZONS = ['near', 'medium', 'longer'] as const;
export const AXES = ['category', 'type', 'domain', 'topic', 'impact'] as const;
export const FACTS = ['signal', 'signal-type', 'region', 'market-class'] as const;
export const LISTS = ['market-context', 'operating-surface', 'what-to-watch'] as const;
export const PICTURE_FORMATS = ['png', 'jpg', 'webp', 'avif'] as const;

export type State = (typeof STATES)[number];
export type ContentType = (typeof CONTENT_TYPES)[number];
export type Domain = (typeof DOMAINS)[number];
export type Level = (typeof LEVELS)[number];
export type Horizon = (typeof HORIZONS)[number];
export type Axis = (typeof AXES)[number];
export type FactName = (typeof FACTS)[number];
export type ListName = (typeof LISTS)[number];
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** `failure-path` as Postgres enums spell it: `failure_path`. */
type EnumSpelling<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}_${EnumSpelling<Tail>}` : S;

/** A word of a closed set, as the database spells it. */
export const toEnum = <S extends string>(word: S): EnumSpelling<S> => word.replaceAll('-', '_') as EnumSpelling<S>;

/** `failure_path` as everybody else spells it: `failure-path`. */
type Slug<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}-${Slug<Tail>}` : S;

/** A word of the database, as everybody else spells it. */
export const toSlug = <S extends string>(word: S): Slug<S> => word.replaceAll('_', '-') as Slug<S>;
