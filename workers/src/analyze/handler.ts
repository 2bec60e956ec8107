import type { AnalyzePayload } from '@mediaflow/shared/jobs';
import { planSecondCodec } from '@mediaflow/shared/plan-video';
import { planUnits } from '@mediaflow/shared/units';
import type { Handler } from '../handler.ts';
import { readLeads } from '../probe/read-leads.ts';
import { withSourceFile } from '../source/source-file.ts';
import { type ChosenLadder, chooseLadder } from './choose-ladder.ts';
import { planTrials, trialRungs } from './plan-trials.ts';
import { runTrial } from './run-trials.ts';

/**
 * Premium: chooses the renditions beside the opening by trial encodes of a few segments. A pure function of the source, so
 * a repetition chooses the same.
 */
export const handleAnalyze: Handler<AnalyzePayload> = async (payload, context) => {
  const { assetId, version, timeline, secondCodec } = payload;
  const { renditions: chosen, savings } = await choose(payload, context);
  const videos = [...chosen, ...payload.renditions.filter((rendition) => rendition.kind === 'video')];
  const others = payload.renditions.filter(({ kind }) => kind !== 'video');
  const extras = secondCodec === undefined ? [] : planSecondCodec(videos, secondCodec);
  const leads = await context.staging.withSource(payload, (path) => readLeads(path, payload.source, timeline));
  const units = planUnits(timeline, [...chosen, ...extras], leads);
  await context.report(
    { kind: 'analyzed', assetId, version, renditions: [...videos, ...extras, ...others], units: [...units], savings: [...savings] },
    context.signal,
  );
};

async function choose(
  payload: AnalyzePayload,
  { signal, staging, workspace }: Parameters<Handler<AnalyzePayload>>[1],
): Promise<ChosenLadder> {
  const { source, timeline } = payload;
  const plan = planTrials(source, timeline);
  const [largest, opening] = [plan.rungs[0], plan.rungs.at(-1)];
  // A source of one size has nothing beside its opening.
  if (largest === undefined || largest === opening) return { renditions: [], savings: [] };
  return withSourceFile({ staging, signal }, payload, (inputPath, derive) =>
    workspace.withFolder(async (workDir) => {
      const options = { inputPath, workDir, timeline, signal, derive };
      const run = (trial: readonly (typeof largest.rendition)[]) => runTrial(source, trial, largest.rendition, plan.numbers, options);
      const plus = [];
      for (const trial of plan.plus) plus.push(await run(trial));
      const premium = [];
      for (const trial of plan.premium) premium.push(await run(trial));
      return chooseLadder(trialRungs(plan, plus, premium));
    }),
  );
}
