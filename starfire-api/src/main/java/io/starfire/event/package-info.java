/** Events, their codecs, data source rows and schemas, and the outcomes that are counted. */
package io.starfire.event;
