import type { RequestListener } from 'node:http';
import type { Sample } from './metrics-text';

/** What a request is for, by the first part of its address without the language. Few, so that they can be counted. */
const CLASSES: Readonly<Record<string, string>> = {
  '': 'front',
  ...{ briefings: 'briefing', categories: 'category', organizations: 'organization', search: 'search', feeds: 'feed' },
  ...{ pricing: 'pricing', login: 'door', logout: 'door', join: 'door', reset: 'door', account: 'account' },
  ...{ desk: 'desk', admin: 'admin', api: 'api', webhooks: 'webhook', setup: 'setup' },
  ...{ assets: 'file', looks: 'file', pictures: 'file', 'site-pictures': 'file' },
  ...{ healthz: 'health', readyz: 'health', metrics: 'health' },
};

/** Upper bounds of what an answer takes, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Times {
  /** By bound, and those above all. */
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** What this process has answered since it started. */
export class RequestCounts {
  private readonly answers = new Map<string, number>();
  private readonly times = new Map<string, Times>();
  private fromCache = 0;

  /** A page went out from memory, before anybody was asked. */
  fromMemory(): void {
    this.fromCache++;
  }

  /** Counts what a listener answers, and how long it takes. */
  counting(listener: RequestListener): RequestListener {
    return (req, res) => {
      const begun = performance.now();
      res.once('close', () => {
        const status = res.writableFinished ? String(res.statusCode) : 'left';
        this.note(classOf(req.url ?? ''), status, (performance.now() - begun) / 1_000);
      });
      listener(req, res);
    };
  }

  samples(): Sample[] {
    const answers = [...this.answers].map(([key, value]): Sample => {
      const [name = '', status = ''] = key.split(' ');
      return { name: 'dossier_requests_total', labels: { class: name, status }, value };
    });
    return [
      { name: 'dossier_pages_from_memory_total', value: this.fromCache },
      ...answers,
      ...[...this.times].flatMap(([name, times]) => histogram(name, times)),
    ];
  }

  private note(name: string, status: string, seconds: number): void {
    const key = `${name} ${status}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
    const times = this.times.get(name) ?? { buckets: new Array<number>(BOUNDS.length).fill(0), sum: 0, count: 0 };
    const place = BOUNDS.findIndex((bound) => seconds <= bound);
    if (place !== -1) times.buckets[place]!++;
    times.sum += seconds;
    times.count++;
    this.times.set(name, times);
  }
}

function histogram(name: string, { buckets, sum, count }: Times): Sample[] {
  const of = 'dossier_request_seconds';
  let below = 0;
  return [
    ...buckets.map((times, place): Sample => {
      below += times;
      return { name: `${of}_bucket`, labels: { class: name, le: String(BOUNDS[place]) }, value: below };
    }),
    { name: `${of}_bucket`, labels: { class: name, le: '+Inf' }, value: count },
    { name: `${of}_sum`, labels: { class: name }, value: sum },
    { name: `${of}_count`, labels: { class: name }, value: count },
  ];
}

/** Never a part of an address itself: addresses are without number, and some are secrets. */
export function classOf(target: string): string {
  const [path = ''] = target.split('?');
  const [, first = '', second = ''] = path.split('/');
  const known = (part: string) => (Object.hasOwn(CLASSES, part) ? CLASSES[part] : undefined);
  if (/^[a-z]{2,3}(?:-[a-z0-9]+)?$/.test(first) && known(first) === undefined) return known(second) ?? 'other';
  return known(first) ?? 'other';
}
