import net from 'node:net';

/** What a mail server was handed: the envelope, and the letter as it came over the wire. */
export interface Received {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly raw: string;
}

/** A small mail server on loopback: enough of SMTP (RFC 5321) to take letters, or to refuse them. */
export interface MailServer {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Answers every letter with "try again later", until told otherwise. */
  refuse: boolean;
  /** What it answers to a command, where that is something else than yes; `.` is the end of a letter. */
  answers: Partial<Record<'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | '.', string>>;
  /** What it answers to one recipient, where that is something else. */
  answerTo: ((recipient: string) => string | undefined) | null;
  /** Letters after which it hangs up a connection; null: it does not. */
  hangsUpAfter: number | null;
  stop(): Promise<void>;
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const received: Received[] = [];
  const server = net.createServer((socket) => {
    let buffer = '';
    let data: string | null = null;
    let from = '';
    let recipients: string[] = [];
    let letters = 0;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const hear = (line: string) => {
      if (data !== null) {
        if (line !== '.') {
          data += `${line.replace(/^\./, '')}\r\n`;
          return;
        }
        const answer = one.answers['.'] ?? (one.refuse ? '451 try again later' : '250 taken');
        if (answer.startsWith('250')) received.push({ from, recipients, raw: data });
        say(answer);
        [data, recipients] = [null, []];
        if (++letters === one.hangsUpAfter) socket.end();
        return;
      }
      const [command = ''] = line.toUpperCase().split(' ');
      const asked = command === 'RCPT' ? one.answerTo?.(/<(.*)>/.exec(line)?.[1] ?? line) : undefined;
      const answer = asked ?? one.answers[command as keyof typeof one.answers];
      if (answer !== undefined) {
        say(answer);
        return;
      }
      if (command === 'MAIL') from = line;
      if (command === 'RCPT') recipients.push(/<(.*)>/.exec(line)?.[1] ?? line);
      if (command === 'DATA') data = '';
      say(command === 'DATA' ? '354 go on' : command === 'QUIT' ? '221 bye' : '250 fine');
      if (command === 'QUIT') socket.end();
    };
    say('220 a mail server of the tests');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1');
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        hear(line);
      }
    });
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const open = new Set<net.Socket>();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.address() as net.AddressInfo).port;
  const one: MailServer = {
    url: `smtp://127.0.0.1:${taken}`,
    port: taken,
    received,
    refuse: false,
    answers: {},
    answerTo: null,
    hangsUpAfter: null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return one;
}

/** The text part of a letter, decoded. */
export function textOf({ raw }: Received): string {
  const part = /Content-Type: text\/plain[^]*?\r\n\r\n([^]*?)\r\n--/i.exec(raw)?.[1] ?? '';
  const encoding = /Content-Type: text\/plain[^]*?Content-Transfer-Encoding: (\S+)/i.exec(raw)?.[1];
  if (encoding === 'base64') return Buffer.from(part, 'base64').toString();
  if (encoding !== 'quoted-printable') return part;
  return Buffer.from(
    part.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
}

/** The names of the lines at the head of a letter. */
export function headOf({ raw }: Received): string[] {
  return raw
    .slice(0, raw.indexOf('\r\n\r\n'))
    .split('\r\n')
    .filter((line) => !/^\s/.test(line))
    .map((line) => line.split(':')[0]!);
}
