/** Values that every module shares: errors with codes, intervals, granularities. */
package io.starfire.common;
