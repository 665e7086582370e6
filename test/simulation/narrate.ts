/** A history in the order of its events, for whoever looks into a failing seed. */
import type { ClientView, History } from './history.ts';
import type { UpstreamCall } from './upstream.ts';

export function narrate({ scenario, views, calls }: History): string {
  const { seed, store, environments, health, providers } = scenario;
  const events = [...views.flatMap(tellClient), ...calls.flatMap(tellCall)];
  return [
    `seed ${seed}: ${environments} environments, store ${store}`,
    JSON.stringify(health),
    ...providers.map((provider) => JSON.stringify(provider)),
    ...events
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, text }) => `${at.toFixed(3).padStart(12)}  ${text}`),
  ].join('\n');
}

interface Told {
  readonly at: number;
  readonly text: string;
}

function tellClient({ request, plan, arrivedAt, leftAt, endedAt, ...view }: ClientView): Told[] {
  const targets = plan.targets.map(({ provider, model }) => `${provider}/${model}`).join(' ');
  const name = `r${request.id}`;
  const arrival = `arrives for ${request.delivery} of ${targets}, ${request.deadlineMs} ms`;
  return [
    { at: arrivedAt, text: `${name} ${arrival}, ${request.maxAttempts} attempts` },
    ...(leftAt === undefined ? [] : [{ at: leftAt, text: `${name} leaves` }]),
    { at: endedAt, text: `${name} ends: ${view.end} ${view.code ?? ''} "${view.text}"` },
  ];
}

function tellCall({
  request,
  provider,
  model,
  kind,
  startedAt,
  endedAt,
  end,
}: UpstreamCall): Told[] {
  const name = `r${request} → ${provider}/${model}`;
  const how = typeof end === 'string' ? end : `${end.reason} ${JSON.stringify(end.details)}`;
  return [
    { at: startedAt, text: `${name} (${kind})` },
    { at: endedAt, text: `${name} ${how}` },
  ];
}
