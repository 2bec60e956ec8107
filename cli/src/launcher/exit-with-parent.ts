/**
 * Preloaded into our Node children: the IPC channel closes when the launcher dies without a word, and the child then
 * stops as if asked to. On Linux the kernel does the same by `setpriv --pdeathsig`; this is for everywhere else.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
