// Loaded before Next: a server whose parent was killed must not keep the port.
process.on('disconnect', () => process.exit(1))
process.channel?.unref()
