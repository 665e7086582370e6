/** Dependency direction. Each rule's comment is the sentence a contributor reads when it fails. */

/** Pure files. A pure file in a mixed folder is listed by name, here and in biome.json. */
const DECISIONS =
  '^(edge/policy/|core/routing/|core/ledger/(gateway-cost|kept-text|known-prices|price|prompt-size|published-rates|rates|reported-usage|row|token-usage|usage-tally)[.]ts$|core/budgets/(account|budget|lease-end|refusal)[.]ts$|core/idempotency/(repeat|kept-answer)[.]ts$|core/catalog/(search-terms|product-filter|price-phrase)[.]ts$|core/mcp/(product-list|ucp-product)[.]ts$|core/providers/(?!registry)[^/]+[.]ts$)';
const ZOD = '(^|node_modules/)zod(/|$)';
/** Published prices as data, with a pure function over them. */
const PRICES = '(^|node_modules/)@pydantic/genai-prices(/|$)';
/** The dialect that several providers speak: shared by their folders, a provider of nobody. */
const DIALECTS = '^core/providers/openai-wire/';
const CONVERTERS =
  '^core/providers/([^/]+)/(request|response|stream|failure|models|content|conversation|tools|reasoning|fields|embeddings)[.]ts$';

/** Files that talk to one outside thing; in core they are named after it, ports after their role. */
const ADAPTERS =
  '^(edge/adapters/|core/(admin|batches|catalog|config|idempotency|identity|ledger|state)/(dynamodb|file|redis|upstash|ssm|secrets-manager|s3|sqs)(?!-port)[^/]*[.]ts$)';

/** Files that wire: the Worker's entry, and everything directly in core/. */
const COMPOSITION = '^(edge/worker[.]ts$|core/[^/]+[.]ts$)';

const VENDOR_SDKS =
  '(^|node_modules/)(@aws-sdk/|@smithy/|@upstash/|@modelcontextprotocol/|@redis/|(openai|redis|ioredis|aws4fetch)(/|$))';

const FORBIDDEN = [
  {
    name: 'contract-is-a-leaf',
    comment: 'core/contract holds wire schemas and total functions; it imports zod and itself.',
    from: { path: '^core/contract/' },
    to: { pathNot: ['^core/contract/', ZOD] },
  },
  {
    name: 'edge-sees-only-the-contract',
    comment: 'Two deployments: of core, edge may import core/contract and nothing else.',
    from: { path: '^edge/' },
    to: { path: '^core/', pathNot: '^core/contract/' },
  },
  {
    name: 'core-never-imports-edge',
    comment: 'Two deployments: what both need is a contract.',
    from: { path: '^core/' },
    to: { path: '^edge/' },
  },
  {
    name: 'source-never-imports-infra-or-test',
    comment: 'Infrastructure and tests know the product; the product does not know them.',
    from: { path: '^(edge|core)/' },
    to: { path: '^(infra|test)/' },
  },
  {
    name: 'stacks-name-code-by-path',
    comment: 'infra/aws points at entry files by path; it imports only the contract and env.',
    from: { path: '^infra/aws/' },
    to: { path: '^(edge|core|infra/local)/', pathNot: '^(core/contract/|core/env[.]ts$)' },
  },
  {
    name: 'decisions-stay-pure',
    comment:
      'Decisions import the contract, zod and each other; from a port they may name types only.',
    from: { path: DECISIONS },
    to: { pathNot: ['^core/contract/', DECISIONS, ZOD, PRICES], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'converters-stay-pure',
    comment:
      'Converters map shapes. They may name vendor types (import type), never call a vendor.',
    from: { path: CONVERTERS },
    to: {
      pathNot: ['^core/contract/', '^core/providers/$1/', DIALECTS, DECISIONS, ZOD],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'providers-do-not-know-each-other',
    comment: 'Share through a pure file directly in core/providers/, not sideways.',
    from: { path: '^core/providers/([^/]+)/' },
    to: { path: '^core/providers/[^/]+/', pathNot: ['^core/providers/$1/', DIALECTS] },
  },
  {
    name: 'providers-show-only-their-index',
    comment: 'Outside its folder a provider is its index.ts and its models.ts.',
    from: { path: '^core/', pathNot: '^core/providers/[^/]+/' },
    to: { path: '^core/providers/[^/]+/', pathNot: '/(index|models)[.]ts$' },
  },
  {
    name: 'sdks-live-in-adapters',
    comment:
      'Vendor SDKs and their types stay in adapters, provider folders, core/mcp and entries.',
    from: {
      path: '^(edge|core)/',
      pathNot: [ADAPTERS, COMPOSITION, '^core/providers/[^/]+/', '^core/mcp/'],
    },
    to: { path: VENDOR_SDKS },
  },
  {
    name: 'entries-wire-adapters',
    comment:
      'Use-cases, routes and middleware receive ports; only composition files build adapters.',
    from: { path: '^(edge|core)/', pathNot: [ADAPTERS, COMPOSITION] },
    to: { path: ADAPTERS },
  },
  {
    name: 'every-decision-has-a-test',
    comment: 'A pure file must be imported by a test under test/unit.',
    module: {
      path: '^(edge/policy/|core/routing/|core/ledger/(gateway-cost|kept-text|known-prices|price|prompt-size|published-rates|rates|reported-usage|row|usage-tally)[.]ts$|core/budgets/(account|budget|lease-end|refusal)[.]ts$|core/idempotency/(repeat|kept-answer)[.]ts$|core/providers/[^/]+/(request|response|stream|failure|content|conversation|tools|reasoning|embeddings)[.]ts$)',
      numberOfDependentsLessThan: 1,
    },
    from: { path: '^test/unit/' },
  },
  {
    name: 'no-cycles',
    comment: 'If two files need each other, a third one is missing.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved',
    comment:
      'No rule can judge an import that leads nowhere. Exempt: runtime modules, types-only packages.',
    from: { path: '^(edge|core|infra)/' },
    to: { couldNotResolve: true, pathNot: '^(cloudflare:|aws-lambda$)' },
  },
  {
    name: 'no-orphans',
    comment: 'Nothing imports this file and it imports nothing.',
    from: { orphan: true, pathNot: ['^test/', '[.]d[.]ts$'] },
    to: {},
  },
];

module.exports = {
  forbidden: FORBIDDEN.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    // Anchored on purpose: a pattern that also matches node_modules hides those imports from every rule.
    exclude: { path: '^(infra/aws/)?cdk[.]out/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      // Without these, subpath imports such as 'hono/factory' resolve to nothing.
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
