/** The container that `package/` reads: plain to parse, and nothing in it that differs between two runs. */
export function fragmentedMp4Options(): readonly string[] {
  return ['-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+empty_moov+default_base_moof+frag_keyframe', '-f', 'mp4'];
}
