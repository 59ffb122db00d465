/**
 * The closed sets of a briefing, in the spelling of files, addresses and the API. What the publisher says of a
 * briefing, kinds, types, scales, facts and lists, stands in its shape (src/site/shape).
 */
export const STATES = ['draft', 'in-review', 'published', 'archived'] as const;
/** How risky a source is. */
export const LEVELS = ['low', 'medium', 'high'] as const;
export const AXES = ['category', 'type', 'domain', 'topic', 'impact'] as const;
export const PICTURE_FORMATS = ['png', 'jpg', 'webp', 'avif'] as const;

export type State = (typeof STATES)[number];
export type Level = (typeof LEVELS)[number];
export type Axis = (typeof AXES)[number];
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** `in-review` as Postgres enums spell it: `in_review`. */
type EnumSpelling<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}_${EnumSpelling<Tail>}` : S;

/** A slug as the database spells it in an enum. No slug has an underscore, so two never become one. */
export const toEnum = <S extends string>(word: S): EnumSpelling<S> => word.replaceAll('-', '_') as EnumSpelling<S>;

/** `in_review` as everybody else spells it: `in-review`. */
type Slug<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}-${Slug<Tail>}` : S;

/** A word of the database, as everybody else spells it. */
export const toSlug = <S extends string>(word: S): Slug<S> => word.replaceAll('_', '-') as Slug<S>;
