import { nearest, outOfRange, wrongType } from '../expect.ts';
import type { PropertyDetails, PropertyInfo } from '../runtime/port/index.ts';

/** The error for a value that a property does not take; it says which values it takes. */
export function refusal(property: PropertyInfo, details: PropertyDetails, got: unknown): TypeError | RangeError {
  const { minimum, maximum } = details;
  const nicks = [...details.nicks.keys()];
  if ((typeof got === 'number' || typeof got === 'bigint') && (minimum !== null || nicks.length > 0)) {
    const range = minimum === null ? `: ${nicks.join(', ')}` : ` from ${minimum} to ${maximum}`;
    return outOfRange(property.name, `a ${property.type}${range}`, got);
  }
  const error = wrongType(property.name, `a value of type ${property.type}`, got);
  const near = typeof got === 'string' ? nearest(got, nicks) : null;
  const range = nicks.length > 0 ? nicks.join(', ') : minimum === null ? '' : `numbers from ${minimum} to ${maximum}`;
  if (near) error.message += `; did you mean \`${near}\`?`;
  if (range) error.message += `${near ? ' It' : '; it'} takes ${range}`;
  return error;
}
