import type { ProviderConfig } from '../../core/config/gateway-config.ts';
import { bedrockVendor } from '../support/provider-bedrock.ts';
import { demoVendor } from '../support/provider-demo.ts';
import { openAiWireVendor } from '../support/provider-openai-wire.ts';
import type { Vendor } from '../support/provider-scene.ts';
import { describeProvider } from './provider.suite.ts';

/** A kind of provider without its line here does not compile. */
const VENDORS: Record<ProviderConfig['kind'], Vendor> = {
  openai: openAiWireVendor({ kind: 'openai', apiKey: 'key', models: ['up', 'up-embedding'] }),
  local: openAiWireVendor({ kind: 'local', models: ['*'] }),
  bedrock: bedrockVendor({ kind: 'bedrock', region: 'us-east-1', apiKey: 'key' }),
};

for (const [kind, vendor] of Object.entries(VENDORS)) describeProvider(kind, vendor);
describeProvider('local, over the demonstration model', demoVendor);
