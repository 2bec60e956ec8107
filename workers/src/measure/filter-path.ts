/**
 * A path as the value of an option inside a filter graph: escaped once for the filter's own list of options and once for
 * the graph around it (ffmpeg-utils, "Quoting and escaping"; ffmpeg-filters, "Notes on filtergraph escaping").
 */
export function filterPath(path: string): string {
  const asValue = path.replace(/[\\':]/g, '\\$&');
  return asValue.replace(/[\\'[\],;]/g, '\\$&');
}
