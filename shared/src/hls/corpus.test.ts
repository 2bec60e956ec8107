import { expect, it } from 'vitest';
import { mapUris } from './map-uris.ts';
import { parsePlaylist } from './parse.ts';
import { stringifyPlaylist } from './stringify.ts';

/** In the manner of what packagers and vendors write, oddities included. */
const CORPUS: readonly (readonly [writer: string, uriCount: number, text: string])[] = [
  [
    'a packager that aligns what it writes',
    3,
    `#EXTM3U
#EXT-X-VERSION:6

## Variants
#EXT-X-STREAM-INF: BANDWIDTH=1280000, AVERAGE-BANDWIDTH=1000000 ,CODECS="avc1.4d401f, mp4a.40.2",RESOLUTION=1280x720
720/index.m3u8?a=1&b=2

#EXT-X-STREAM-INF:BANDWIDTH=640000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360,
360/index.m3u8
#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=100000,URI="iframes.m3u8",RESOLUTION=640x360
`,
  ],
  [
    'Windows, with a byte order mark',
    2,
    '\ufeff#EXTM3U\r\n#EXT-X-TARGETDURATION:10\r\n#EXTINF:9.009,\r\nfirst.ts\r\n#EXTINF:9.009,\r\nsecond.ts\r\n#EXT-X-ENDLIST\r\n',
  ],
  ['a hand without a last line break', 1, '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10\nhttp://media.example.com/first.ts'],
  [
    'byte ranges after the duration, keys that change',
    7,
    `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:6
#EXT-X-MEDIA-SEQUENCE:0007
#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://key-1",KEYFORMAT="com.apple.streamingkeydelivery",KEYFORMATVERSIONS="1"
#EXT-X-KEY:METHOD=SAMPLE-AES,URI="data:text/plain;base64,AAAA",KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"
#EXT-X-MAP:URI="main.mp4",BYTERANGE="719@0"
#EXTINF:6.00600,	a title, with a comma
#EXT-X-BYTERANGE:1000@719
main.mp4
#EXT-X-DISCONTINUITY
#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example.com/2",IV=0x9c7db8778570d05c3177c349fd9236aa
#EXTINF:3.5,
#EXT-X-BYTERANGE:500
main.mp4
#EXT-X-KEY:METHOD=NONE
#EXTINF:1,
https://cdn.example.com/last.mp4?sig=a,b
#EXT-X-ENDLIST
`,
  ],
  [
    'low latency',
    7,
    `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0
#EXT-X-PART-INF:PART-TARGET=0.33334
#EXT-X-MEDIA-SEQUENCE:266
#EXT-X-MAP:URI="init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2019-02-14T02:13:36.106Z
#EXTINF:4.00008,
fileSequence266.mp4
#EXT-X-PART:DURATION=0.33334,URI="filePart267.0.mp4",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.33334,URI="filePart267.1.mp4"
#EXTINF:4.00008,
fileSequence267.mp4
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="filePart268.0.mp4"
#EXT-X-RENDITION-REPORT:URI="../1M/waitForMSN.php",LAST-MSN=267,LAST-PART=2
`,
  ],
  [
    'advertising marks of several vendors',
    4,
    `#EXTM3U
#EXT-X-TARGETDURATION:6
#EXT-X-DATERANGE:ID="splice-6FFFFFF0",START-DATE="2014-03-05T11:15:00Z",PLANNED-DURATION=59.993,SCTE35-OUT=0xFC002F0000000000FF000014056FFFFFF000E011622DCAFF000052636200000000000A0008029896F50000008700000000
#EXT-X-DATERANGE:ID="ad1",CLASS="com.apple.hls.interstitial",START-DATE="2020-01-02T21:55:44.000Z",DURATION=15.0,X-ASSET-URI="http://example.com/ad1.m3u8",X-RESUME-OFFSET=0, X-RESTRICT="SKIP,JUMP"
#EXT-X-CUE-OUT:DURATION=30
#EXT-OATCLS-SCTE35:/DAlAAAAAAAAAP/wFAUAAAABf+/+AAAAAH4AUmXAAQEBAACt6nAY
#EXT-X-CUE-OUT-CONT:8.308/30
#EXT-X-ASSET:CAID=0x0000000020FB6501
#EXTINF:6.006,no desc
a.ts
#EXT-X-CUE-IN
#EXTINF:6.006,
b.ts
#EXT-X-SCTE35:CUE="/DAlAAA==",ID="1",URI="vendor.bin"
`,
  ],
];

it.each(CORPUS)('%s: read and written byte for byte, all its URIs found', (_, uriCount, text) => {
  const playlist = parsePlaylist(text);
  expect(stringifyPlaylist(playlist)).toBe(text);
  let seen = 0;
  const unchanged = mapUris(playlist, (uri) => {
    seen += 1;
    return uri;
  });
  expect([stringifyPlaylist(unchanged), seen]).toEqual([text, uriCount]);
  const marked = stringifyPlaylist(mapUris(playlist, (uri) => `MARK${uri}`));
  expect(marked.replaceAll('MARK', '')).toBe(text);
});
