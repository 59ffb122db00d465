import { renderMarkdown, type Placing } from '../../lib/markdown';
import type { Language } from '../../lib/language';
import { readTexts } from '../../site/pages/content';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import type { PricingPage } from '../page-types';

/** A body's parts: each heading of it, and what stands below. */
function partsOf(body: string): readonly { readonly question: string; readonly answer: string }[] {
  return body
    .split(/^##? +/m)
    .slice(1)
    .map((part) => {
      const [question = '', ...answer] = part.split('\n');
      return { question: question.replace(/\s+#+\s*$/, '').trim(), answer: answer.join('\n').trim() };
    })
    .filter(({ question, answer }) => question !== '' && answer !== '');
}

/**
 * The questions that the publisher answers on the page of prices, from the page `questions`: in this language, else in
 * the original one, else in any. Null: none are published.
 */
export async function ownQuestions(
  db: WallTransaction,
  { say, code }: Language,
): Promise<PricingPage['questions'] | null> {
  const row = await db.pageRevision.findFirst({
    where: { page: { slug: 'questions', archivedAt: null }, publishedAt: { lte: await momentOf(db) } },
    orderBy: [{ publishedAt: 'desc' }, { number: 'desc' }],
  });
  const texts = readTexts(row?.texts);
  const lang = [code, row?.originalLang ?? code, ...Object.keys(texts).sort()].find((one) => texts[one]?.body);
  const parts = lang === undefined ? [] : partsOf(texts[lang]!.body);
  if (parts.length === 0) return null;
  const words: Placing['words'] = {
    note: (n) => say('footnote.note', { n }),
    back: (n) => say('footnote.back', { n }),
    heading: say('footnote.heading'),
    lang: lang === code ? null : code,
  };
  return parts.map(({ question, answer }, at) => ({
    question,
    answer: null,
    html: renderMarkdown(answer, { top: 3, id: `question-${at + 1}`, words }),
    lang: lang === code ? null : lang!,
  }));
}
