import type { ObservationRecord } from '../state/records.js';
import { iso, isoOrNull, parsed, sumOfKeys, totalCost } from './values.js';

const headOf = (row: ObservationRecord, projectId: string): Record<string, unknown> => ({
  id: row.id,
  traceId: row.traceId,
  startTime: iso(row.startMs),
  endTime: isoOrNull(row.endMs),
  projectId,
  parentObservationId: row.parentId,
  type: row.type,
  environment: row.environment,
  name: row.name,
  level: row.level,
  statusMessage: row.statusMessage,
  version: row.version,
  createdAt: iso(row.createdAtMs),
  updatedAt: iso(row.updatedAtMs),
  input: parsed(row.input),
  output: parsed(row.output),
  metadata: row.metadata,
  model: row.model,
  modelParameters: row.modelParameters,
  completionStartTime: isoOrNull(row.completionStartMs),
  promptId: row.promptId,
  promptName: row.promptName,
  promptVersion: row.promptVersion,
  latency: row.endMs === null ? null : (row.endMs - row.startMs) / 1_000,
  timeToFirstToken: row.completionStartMs === null ? null : (row.completionStartMs - row.startMs) / 1_000,
  usageDetails: row.usageDetails,
  costDetails: row.costDetails,
});

function sumsOf({ usageDetails, costDetails }: ObservationRecord): Record<string, unknown> {
  const input = sumOfKeys(usageDetails, 'input') ?? 0;
  const output = sumOfKeys(usageDetails, 'output') ?? 0;
  return {
    calculatedInputCost: sumOfKeys(costDetails, 'input'),
    calculatedOutputCost: sumOfKeys(costDetails, 'output'),
    calculatedTotalCost: totalCost(costDetails),
    unit: 'TOKENS',
    promptTokens: input,
    completionTokens: output,
    totalTokens: usageDetails['total'] ?? 0,
  };
}

const usageOf = ({ usageDetails }: ObservationRecord): Record<string, unknown> => ({
  usage: {
    unit: 'TOKENS',
    input: sumOfKeys(usageDetails, 'input') ?? 0,
    output: sumOfKeys(usageDetails, 'output') ?? 0,
    total: usageDetails['total'] ?? 0,
  },
});

/** A row of `GET /observations`: no tier and no total price, and rows without a model have no prices (langfuse.md 3). */
export const observationRow = (row: ObservationRecord, projectId: string): Record<string, unknown> => ({
  ...headOf(row, projectId),
  usagePricingTierId: null,
  usagePricingTierName: null,
  modelId: row.price.modelId,
  inputPrice: row.price.inputPrice,
  outputPrice: row.price.outputPrice,
  totalPrice: null,
  ...sumsOf(row),
  ...usageOf(row),
});

/** An observation within `GET /traces/{id}`: the tier is told, and missing prices are 0. */
export const observationInTrace = (row: ObservationRecord, projectId: string): Record<string, unknown> => ({
  ...headOf(row, projectId),
  usagePricingTierId: row.price.tierId,
  usagePricingTierName: row.price.tierName,
  inputPrice: row.price.inputPrice ?? 0,
  outputPrice: row.price.outputPrice ?? 0,
  totalPrice: 0,
  ...sumsOf(row),
  modelId: row.price.modelId,
  ...usageOf(row),
});
