/** Druid's native queries: the model, the parser, the engine over row sets, results and errors. */
package io.starfire.serving.query;
