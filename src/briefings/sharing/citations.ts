/** What a citation of a briefing says: public in all its parts. */
export interface Citation {
  /** Names it in a bibliography. */
  readonly key: string;
  readonly title: string;
  /** BCP 47, of the title. */
  readonly lang: string;
  /** Who wrote it; where nobody is named, its publisher stands in their place. */
  readonly authors: readonly string[];
  readonly publisher: string;
  readonly url: string;
  /** `2024-02-27`, by the publisher's clock. */
  readonly published: string;
  /** The day of the last change that the desk has told of; null: none since. */
  readonly updated: string | null;
}

const TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};
const tex = (text: string): string => text.replace(/[\\{}%&#$_~^]/g, (sign) => TEX[sign] ?? `\\${sign}`);

/** An entry for BibLaTeX; older BibTeX reads it as a note of its kind. */
function bibtex({ key, title, lang, authors, publisher, url, published, updated }: Citation): string {
  const fields = [
    ['title', `{${tex(title)}}`],
    ['author', (authors.length > 0 ? authors : [publisher]).map((name) => `{${tex(name)}}`).join(' and ')],
    ['organization', `{${tex(publisher)}}`],
    ['date', published],
    ['year', published.slice(0, 4)],
    ...(updated === null ? [] : [['version', updated]]),
    ['url', url],
    ['langid', lang],
  ];
  return `@online{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}},`).join('\n')}\n}\n`;
}

/** RIS, with the line ends that its readers ask for. */
function ris({ title, lang, authors, publisher, url, published, updated }: Citation): string {
  const lines = [
    ['TY', 'ELEC'],
    ['TI', title],
    ...(authors.length > 0 ? authors : [publisher]).map((name) => ['AU', name]),
    ['PB', publisher],
    ['PY', published.slice(0, 4)],
    ['DA', published.replaceAll('-', '/')],
    ...(updated === null ? [] : [['ET', updated]]),
    ['LA', lang],
    ['UR', url],
    ['ER', ''],
  ];
  return lines.map(([tag, value]) => `${tag}  - ${value}\r\n`).join('');
}

/** CSL-JSON 1.0: a list of one item. */
function csl({ key, title, lang, authors, publisher, url, published, updated }: Citation): string {
  const item = {
    id: key,
    type: 'webpage',
    title,
    author: (authors.length > 0 ? authors : [publisher]).map((literal) => ({ literal })),
    publisher,
    'container-title': publisher,
    issued: { 'date-parts': [published.split('-').map(Number)] },
    ...(updated === null ? {} : { version: updated }),
    URL: url,
    language: lang,
  };
  return `${JSON.stringify([item], null, 2)}\n`;
}

function plain({ title, authors, publisher, url, published, updated }: Citation): string {
  const days = updated === null ? published : `${published} (${updated})`;
  return `${[...authors, publisher].join(', ')}. “${title}”. ${days}. ${url}\n`;
}

/** The forms of a citation, by the last part of their address. */
export const CITATION_FORMS = [
  { file: 'citation.txt', name: 'plain', type: 'text/plain; charset=utf-8', write: plain },
  { file: 'citation.bib', name: 'bibtex', type: 'application/x-bibtex; charset=utf-8', write: bibtex },
  { file: 'citation.ris', name: 'ris', type: 'application/x-research-info-systems; charset=utf-8', write: ris },
  { file: 'citation.json', name: 'csl', type: 'application/vnd.citationstyles.csl+json', write: csl },
] as const;
