import { expect, it } from 'vitest';
import { isHighRiskUserAgent } from './user-agent.ts';

it.each([
  'curl/8.5.0',
  'Wget/1.21.4',
  'python-requests/2.32.3',
  'Python-urllib/3.12',
  'Python/3.12 aiohttp/3.10.5',
  'Scrapy/2.11.2 (+https://scrapy.org)',
  'Go-http-client/2.0',
  'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  'axios/1.7.7',
  'Java/21.0.4',
  'Lavf/61.7.100',
  'ffmpeg/7.1',
  'yt-dlp/2026.10.22',
  'streamlink/7.1.0',
  'N_m3u8DL-RE/0.3.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 (compatible; bingbot/2.0)',
  'Mozilla/5.0 (compatible; Baiduspider/2.0)',
])('takes films away: %s', (userAgent) => {
  expect(isHighRiskUserAgent(userAgent)).toBe(true);
});

it.each([
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
  'Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36',
  'AppleCoreMedia/1.0.0.22A3354 (iPhone; U; CPU OS 18_0 like Mac OS X; de_de)',
  'ExoPlayerDemo/2.19.1 (Linux; Android 14) ExoPlayerLib/2.19.1',
  'okhttp/4.12.0',
  'VLC/3.0.21 LibVLC/3.0.21',
  'Roku/DVP-14.0 (14.0.4.5533-29)',
  'Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/8.0 TV Safari/537.36',
  'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A.240805.005)',
])('plays films: %s', (userAgent) => {
  expect(isHighRiskUserAgent(userAgent)).toBe(false);
});
