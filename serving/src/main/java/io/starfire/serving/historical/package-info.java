/** The historical: segments from deep storage, checked, mapped and served. */
package io.starfire.serving.historical;
