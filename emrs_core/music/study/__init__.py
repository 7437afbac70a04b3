"""How good the recommender is: made-up listeners hear its songs, recorded ones have ratings that it must foresee."""
