import { AppError, type AppErrorOptions } from '@mediaflow/shared/errors';

/** Largest picture that any decoder may open: 8K in either orientation, with a little to spare for coded padding. */
const [MAX_LONG_SIDE, MAX_SHORT_SIDE] = [8192, 4352];
export const MAX_PIXELS = MAX_LONG_SIDE * MAX_SHORT_SIDE;
/** Of either side, in square pixels: encoders and phones take no more. */
export const MAX_SIDE_PIXELS = MAX_LONG_SIDE;

export const tooLarge = (width: number, height: number, options?: AppErrorOptions): AppError =>
  new AppError(
    'limit_pixels',
    `The picture of ${width} x ${height} is too large; ${MAX_LONG_SIDE} x ${MAX_SHORT_SIDE} is the most.`,
    options,
  );
