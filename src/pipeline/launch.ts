import { GstError, PipelineError } from '../errors.ts';
import { remedyFor } from './element-factory.ts';
import { troubleIn } from './launch-trouble.ts';

/**
 * Builds what a launch text describes.
 * @param build calls GStreamer's parser
 * @throws PipelineError, with the remedy where one is known
 */
export function launch<Built>(description: string, build: () => Built): Built {
  const failure = (detail: string): PipelineError =>
    new PipelineError(`"${description}" could not be built`, { detail });
  // GObject prints to stderr about mistakes that GStreamer ignores.
  const silent = troubleIn(description, 'silent');
  if (silent) throw failure(silent);
  try {
    return build();
  } catch (error) {
    if (!(error instanceof GstError)) throw error;
    const advice = troubleIn(description, 'all') ?? remedyFor(error.message);
    throw failure(advice ? `${error.message}; ${advice}` : error.message);
  }
}
