/**
 * Which of `languages` a viewer means by `range`: the first that is it or begins with it, else the same with the range's last subtag left
 * out (RFC 4647 section 3.4), so that `pt-BR` finds `pt` and `pt` finds `pt-BR`. Undefined where no language is the same.
 */
export function matchLanguage(languages: readonly (string | undefined)[], range: string): string | undefined {
  const subtags = range.split('-');
  for (let length = subtags.length; length > 0; length -= 1) {
    const prefix = subtags.slice(0, length).join('-').toLowerCase();
    const found = languages.find((language) => language !== undefined && `${language.toLowerCase()}-`.startsWith(`${prefix}-`));
    if (found !== undefined) return found;
  }
  return undefined;
}
