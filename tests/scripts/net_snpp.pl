#!/usr/bin/perl
# A pager gateway of another make: net_snpp.pl ADDRESS PORT
# Prints `ready`, then a line for each page. Debian package: libnet-snpp-perl.
use strict;
use warnings;
use Net::SNPP::Server;

$| = 1;
my ($address, $port) = @ARGV;
my $server = Net::SNPP::Server->new(BindTo => $address, Port => $port)
    or die "no server: $@";
$server->callback('process_page', sub {
    my ($pager, $page, $results) = @_;
    my $said = sub {
        my $value = $_[0];
        return ref $value eq 'HASH' ? join(',', map { "$_:$value->{$_}" } sort keys %$value) : $value;
    };
    print "pager=$pager->[0] ", join(' ', map { "$_=" . $said->($page->{$_}) } sort keys %$page), "\n";
    push @$results, 'taken';
    return 1;
});
# By itself it wants seven digits or more.
$server->callback('validate_pager_id', sub { $_[0] =~ /^\d{4,}$/ ? $_[0] : undef });
print "ready\n";
while (1) {
    my $client = $server->client() or next;
    $server->handle_client($client);
}
