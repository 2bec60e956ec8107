/**
 * What takes films away rather than playing them: programs that fetch pages, libraries that scripts fetch with, download managers, robots
 * and browsers without a window. Players of their own (AVPlayer, ExoPlayer, VLC) are none, nor are the HTTP libraries of apps.
 * A name can be withheld or made up: this keeps honest programs out and nobody else.
 */
const HIGH_RISK = [
  /\b(?:curl|wget2?|httpie|aria2|axel|lwp|libwww-perl|winhttp|powershell)\b/i,
  /\b(?:python|python-requests|python-urllib|python-httpx|aiohttp|scrapy|go-http-client|node-fetch|undici|axios|guzzlehttp|java)\b/i,
  /\b(?:lavf|ffmpeg|mencoder|yt-dlp|youtube-dl|streamlink|n_m3u8dl\S*|gallery-dl|jdownloader|internet download manager|idm)\b/i,
  /\b(?:headlesschrome|phantomjs|puppeteer|playwright|selenium)\b/i,
  // `CUBOT` is a make of phones.
  /(?<!\bcu)bot\b|(?:crawler|spider|slurp)\b/i,
];

export const isHighRiskUserAgent = (userAgent: string): boolean => HIGH_RISK.some((pattern) => pattern.test(userAgent));
