/** One value at one moment. */
export interface Sample {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What each measure is, and how it behaves (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export interface Measure {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** The samples of these measures in the text format of Prometheus, each measure's together; others are not written. */
export function metricsText(measures: readonly Measure[], samples: readonly Sample[]): string {
  return measures
    .map(({ name, type, help }) => {
      const own = samples.filter((one) => one.name === name || (type === 'histogram' && partOf(name, one.name)));
      return own.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${own.map(line).join('')}`;
    })
    .join('');
}

const partOf = (name: string, other: string): boolean =>
  ['_bucket', '_sum', '_count'].some((end) => other === `${name}${end}`);

function line({ name, labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replace(/[\\"\n]/g, '_')}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}
