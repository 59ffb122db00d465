/** A small, complete briefing file to start a case from. Every gated text begins with GATED, so that a leak is seen. */
export function original(changes: Readonly<Record<string, string | null>> = {}, tail = PASSAGES): string {
  const fields: Record<string, string | null> = {
    slug: 'a-signal',
    formerly: null,
    state: 'published',
    published: '2024-02-27T09:00:00Z',
    updated: null,
    type: 'signal',
    category: 'cloud-service',
    domain: 'technology',
    impact: 'high',
    confidence: '0.94',
    relevance: 'medium',
    horizon: 'longer',
    sources:
      '\n    - key: first\n      url: https://example.org/first\n      risk: low\n    - key: second\n      url: https://example.org/second\n      risk: medium',
    organizations: '\n    - key: one-org\n      name: One Org\n      url: https://example.org',
    stricter: null,
    ...changes,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === null ? [] : [`  ${name}:${value.startsWith('\n') ? '' : ' '}${value}`],
  );
  return `---\nbriefing:\n${lines.join('\n')}\n${TEXTS}---\n\nThe open body.\n${tail}`;
}

export const TEXTS = `title: A signal in English
summary: A summary in English.
lead: A lead in English.
topic: A topic
explanations:
  category: Why this category.
  type: Why this type.
  domain: Why this domain.
  topic: Why this topic.
  impact: Why this impact.
facts:
  signal: The signal
  signal-type: The kind of signal
  region: Somewhere
  market-class: Cloud
market-context:
  - A sentence of context.
operating-surface:
  - A surface
what-to-watch:
  - A thing to watch
sources:
  first:
    title: The first source
    description: What the first source says.
  second:
    title: The second source
`;

export const PASSAGES = `
::: trend
GATED trend text.
:::

::: organization one-org
GATED organization note.
:::

::: evidence a-tie
GATED evidence text.
:::

::: failure-path a-break
GATED failure path text.
:::

::: source-note first
GATED source note text.
:::
`;

export const SPANISH = `---
title: Una señal en español
summary: Un resumen en español.
---

El cuerpo abierto.

::: trend
GATED contexto de tendencia.
:::
`;
