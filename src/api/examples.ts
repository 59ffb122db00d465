import type { BriefingAnswer, ItemAnswer, ListAnswer, ProblemAnswer } from './answers';

/**
 * Answers to show in the description, each of the type it is an example of, so that it cannot fall behind. Their
 * addresses are those of whoever publishes.
 */
export function examplesFor(publicUrl: string) {
  const item = itemAt((path) => new URL(path, publicUrl).href);
  const list: ListAnswer = { page: 1, pages: 1, total: 1, items: [item] };
  return { list, briefing: briefingOf(item), problem: PROBLEM };
}

const en = (text: string) => ({ text, language: 'en' });

const itemAt = (at: (path: string) => string): ItemAnswer => ({
  slug: 'microsoft-mistral-azure',
  title: en('Microsoft brings Mistral to Azure'),
  summary: en('A partnership that moves model supply closer to the cloud that bills for it.'),
  type: 'signal',
  category: { slug: 'cloud-service', name: en('Cloud Service') },
  published: '2024-02-27T09:00:00.000Z',
  updated: null,
  confidence: { score: 0.94, grade: 'A' },
  impact: 'high',
  url: at('/briefings/microsoft-mistral-azure'),
  self: at('/api/v1/briefings/microsoft-mistral-azure'),
});

const briefingOf = (item: ItemAnswer): BriefingAnswer => ({
  slug: item.slug,
  url: item.url,
  self: item.self,
  original: 'es',
  languages: ['en', 'es'],
  type: item.type,
  category: item.category,
  domain: 'technology',
  title: item.title,
  summary: item.summary,
  cover: null,
  lead: en('Microsoft and Mistral AI announced a multi-year partnership.'),
  body: { markdown: 'El acuerdo lleva los modelos de Mistral a **Azure AI**.', language: 'es', pictures: [] },
  published: item.published,
  updated: item.updated,
  confidence: item.confidence,
  impact: item.impact,
  relevance: 'medium',
  horizon: 'longer',
  classification: {
    category: { label: en('Cloud Service'), explanation: en('The agreement changes who offers models in a cloud.') },
    type: { label: en('Signal Briefing'), explanation: null },
    domain: { label: en('Technology'), explanation: null },
    topic: null,
    impact: { label: en('High'), explanation: null },
  },
  ...PUBLIC_PART,
  passages: [
    {
      kind: 'organization',
      key: 'mistral-ai',
      tier: 'strategy-circle',
      markdown: 'A note that this token opens.',
      language: 'en',
      pictures: [],
      subject: { of: 'organization', key: 'mistral-ai', name: 'Mistral AI' },
    },
  ],
  gates: [
    {
      kind: 'trend',
      tier: 'leadership-alliance',
      count: 1,
      opens: { tier: 'strategy-circle', at: '2026-12-01T08:00:00.000Z' },
    },
    { kind: 'evidence', tier: 'leadership-alliance', count: 2, opens: null },
  ],
  more: [],
});

/** What anybody reads of a briefing besides its texts. */
const PUBLIC_PART = {
  facts: { signal: en('A partnership'), signalType: null, region: en('Europe'), marketClass: null },
  marketContext: { items: ['Supply of models concentrates where computing is rented.'], language: 'en' },
  operatingSurface: null,
  whatToWatch: { items: ['Terms of exclusivity'], language: 'en' },
  sources: [
    {
      key: 'announcement',
      title: en('The announcement'),
      url: 'https://example.org/announcement',
      description: null,
      risk: 'low',
    },
  ],
  organizations: [{ key: 'mistral-ai', name: 'Mistral AI', url: 'https://mistral.ai' }],
  authors: [{ key: 'ada-example', name: 'Ada Example', url: 'https://example.org/authors/ada-example' }],
} satisfies Partial<BriefingAnswer> & Readonly<Record<string, unknown>>;

const PROBLEM: ProblemAnswer = {
  type: 'about:blank',
  title: 'Bad Request',
  status: 400,
  detail: 'Wrong in this request: "impact" must be one of: low, medium, high.',
  parameters: [{ name: 'impact', reason: 'must be one of: low, medium, high' }],
};
