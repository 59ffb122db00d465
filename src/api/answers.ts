import { z } from 'zod';
import { eachReaderText, SCALE_FIELDS, type Choices, type Scale } from '../briefings/fields';
import { LEVELS } from '../briefings/vocabulary';

/**
 * The shape of every answer, said once: the presenters' types, the schemas of the OpenAPI document and the tests all
 * come from here. Strict throughout: a field that is not named here is in no answer.
 */
const moment = z.string().meta({ format: 'date-time', description: 'A moment in UTC (RFC 3339).' });
const address = z.string().meta({ format: 'uri' });
const slug = z.string();
const type = slug.meta({ description: 'Slug of its content type. The publication may make more of them.' });
const impact = slug.meta({ description: 'Slug of its impact. The publication may make more of them.' });
const kind = slug.meta({ description: 'Slug of its kind. The publication may make more of them.' });
const language = z
  .string()
  .meta({ description: 'BCP 47 code of the language the text is in, which may be another than the one asked for.' });

const text = z
  .strictObject({ text: z.string(), language })
  .meta({ description: 'A text in the best language it exists in.' });
const texts = z.strictObject({ items: z.array(z.string()), language });
const picture = z.strictObject({ name: z.string(), url: address, width: z.int(), height: z.int() }).meta({
  description:
    'A picture that a text shows: its name there, and where whoever reads the text finds it. Sizes in pixels.',
});
const pictures = z.array(picture);
const markdown = z.strictObject({ markdown: z.string(), language, pictures });
const level = z.enum(LEVELS);

const confidence = z.strictObject({
  score: z.number().min(0).max(1).meta({ description: 'Two decimal places.' }),
  grade: z.string().meta({ description: 'The grade of the band the score falls into, such as `A/B`.' }),
});
const category = z.strictObject({ slug, name: text });

const item = z.strictObject({
  slug,
  title: text,
  summary: text.nullable(),
  type,
  category,
  published: moment,
  updated: moment.nullable(),
  confidence,
  impact,
  url: address.meta({ description: 'The page.' }),
  self: address.meta({ description: 'The same briefing, whole, in this API.' }),
});

const list = z.strictObject({
  page: z.int().min(1),
  pages: z.int().min(1),
  total: z.int().min(0).meta({ description: 'Briefings on all pages together.' }),
  items: z.array(item).meta({ description: 'Newest first.' }),
});

const search = z.strictObject({
  page: z.int().min(1),
  pages: z.int().min(1),
  total: z.int().min(0).meta({ description: 'Briefings on all pages together.' }),
  more: z.boolean().meta({ description: 'Are there more than are counted? Then those are the newest.' }),
  items: z.array(
    z.strictObject({
      briefing: item,
      pieces: z
        .array(text)
        .meta({ description: 'Where texts that are open to whoever asked hold what was looked for.' }),
    }),
  ),
  suggestions: z.array(z.string()).meta({ description: 'Words that may have been meant where nothing was found.' }),
});

const term = z.strictObject({ label: text, explanation: text.nullable() });

const cover = z.strictObject({ url: address, width: z.int(), height: z.int(), alt: text.nullable() });

const source = z.strictObject({
  key: z.string(),
  title: text,
  url: address,
  description: text.nullable(),
  risk: level,
});
const organization = z.strictObject({ key: slug, name: z.string(), url: address.nullable() });

const author = z.strictObject({ key: slug, name: z.string(), url: address });

const passage = z
  .strictObject({
    kind,
    key: z.string(),
    tier: z.string().meta({ description: 'Slug of the tier this passage opens for.' }),
    markdown: z.string(),
    language,
    pictures,
    subject: z
      .strictObject({ of: z.enum(['source', 'organization']), key: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'What a note is about; null for the other kinds.' }),
  })
  .meta({ description: 'A gated text that is open to whoever asked.' });

const gate = z
  .strictObject({
    kind,
    tier: z.string().meta({ description: 'Slug of the tier that opens them.' }),
    count: z.int().min(1),
    opens: z
      .strictObject({ tier: z.string().meta({ description: 'Slug of the tier they open for then.' }), at: moment })
      .nullable()
      .meta({ description: 'When they open to whoever asked by themselves; null where no such moment is set.' }),
  })
  .meta({ description: 'Passages that stay shut to whoever asked: how many of a kind, and what opens them.' });

/** The texts of one line that stand beside the title, and the scales, as `src/briefings/fields.ts` names them. */
const readerTexts = eachReaderText(() => text.nullable());
const scales = Object.fromEntries(
  SCALE_FIELDS.map((field) => {
    const description = `${field.scale} Slug of a word of the scale, which the publication may make more of.`;
    return [field.name, slug.meta({ description })];
  }),
) as unknown as { [Name in Scale]: z.ZodType<Choices[Name]> };

const briefing = z.object({
  slug,
  url: address,
  self: address,
  original: z.string().meta({ description: 'The language the briefing was written in.' }),
  languages: z.array(z.string()).meta({ description: 'The languages it has an edition in.' }),
  type,
  category,
  domain: slug.meta({ description: 'Slug of its primary domain. The publication may make more of them.' }),
  title: text,
  ...readerTexts,
  cover: cover.nullable(),
  body: markdown.nullable(),
  published: moment,
  updated: moment.nullable(),
  confidence,
  ...scales,
  classification: z.strictObject({ category: term, type: term, domain: term, topic: term.nullable(), impact: term }),
  facts: z
    .record(z.string(), text.nullable())
    .meta({ description: 'By their names: `signal-type` is `signalType`. The publication may make more of them.' }),
  lists: z
    .record(z.string(), texts.nullable())
    .optional()
    .meta({ description: 'Lists that the publication has made itself, by their names, as those of facts.' }),
  sources: z.array(source),
  organizations: z.array(organization),
  authors: z
    .array(author)
    .meta({ description: 'Who wrote it, in their order; none where the publication itself did.' }),
  passages: z.array(passage),
  gates: z.array(gate),
  more: z.array(item).meta({ description: 'More in the same category.' }),
});
/** The lists that are delivered stand beside the title, as in files. Whatever else is in an answer is one of them. */
const wholeBriefing = briefing.catchall(texts.nullable());

const problem = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    parameters: z
      .array(z.strictObject({ name: z.string(), reason: z.string() }))
      .optional()
      .meta({ description: 'Which parameters are wrong, and how.' }),
  })
  .meta({ description: 'What went wrong (RFC 9457).' });

export type TextAnswer = z.infer<typeof text>;
export type ItemAnswer = z.infer<typeof item>;
export type ListAnswer = z.infer<typeof list>;
export type SearchAnswer = z.infer<typeof search>;
export type BriefingAnswer = z.infer<typeof briefing>;
export type ProblemAnswer = z.infer<typeof problem>;

const NAMED = {
  Text: text,
  Texts: texts,
  Markdown: markdown,
  Confidence: confidence,
  Category: category,
  Term: term,
  Cover: cover,
  Picture: picture,
  Source: source,
  Organization: organization,
  Passage: passage,
  Gate: gate,
  BriefingItem: item,
  BriefingList: list,
  SearchResult: search,
  Briefing: wholeBriefing,
  Problem: problem,
};
export type SchemaName = keyof typeof NAMED;

/** The address of a schema within the OpenAPI document. */
export function refTo(name: SchemaName): string {
  return `#/components/schemas/${name}`;
}

/** Every schema by its name, in the JSON Schema dialect of OpenAPI 3.1 (2020-12), pointing to each other by `refTo`. */
export function jsonSchemas(): Record<SchemaName, object> {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(NAMED)) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, { uri: (name) => refTo(name as SchemaName) });
  // Inside a document a schema is known by its place and needs neither a name nor a dialect of its own.
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id: _id, $schema: _dialect, ...schema }]) => [name, schema]),
  ) as Record<SchemaName, object>;
}
