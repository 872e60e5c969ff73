/** How codecs work inside. Not API: anything here may change at any time. */
package io.starfire.event.internal;
