package io.starfire.jobs.ads;

/**
 * A row of the lookup of advertisers.
 *
 * @param advertiserId the key
 * @param name for people
 * @param industry what it sells
 */
public record Advertiser(String advertiserId, String name, String industry) {}
