/** Events and their codecs, rows and schemas of data sources, and the outcomes that are counted. */
package io.starfire.event;
