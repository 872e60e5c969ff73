/** What every part that speaks to Hadoop needs. */
package io.starfire.hadoop;
