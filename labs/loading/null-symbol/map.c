int mountain = 8848;
