// The SDK loads this file by `require` and bundles it into the workflow sandbox, hence CommonJS (temporal.md 11 and 15).
const { DefaultFailureConverter } = require('@temporalio/common');

// Messages and stack traces of failures are clear text in a history unless they are encoded as attributes.
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
